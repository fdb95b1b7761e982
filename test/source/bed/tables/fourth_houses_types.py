# prepared: X y
import numpy as np
import pandas as pd
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import LabelEncoder
df = pd.read_csv('data/houses.csv')
df.fillna({'LotFrontage': df['LotFrontage'].median(), 'GarageType': 'None'}, inplace=True)
df['OverallQual'] = df['OverallQual'].astype(str)
df['Decade'] = LabelEncoder().fit_transform((df['YearBuilt'] - 1900).apply(str))
df['Area'] = pd.cut(df['GrLivArea'], bins=[0, 1500, 2500, 9000, 99000], labels=['small', 'middle', 'large', 'huge'])
df['Basement'] = pd.qcut(df['TotalBsmtSF'], 4, labels=False)
df['Front'] = pd.cut(df['LotFrontage'], 3, labels=[1, 2, 3]).astype(int)
df['Style'] = df['HouseStyle'].astype('category')
df.loc[df['GrLivArea'] <= 1800, 'Size'] = 0
df.loc[df['GrLivArea'] > 1800, 'Size'] = 1
df = df.sort_values(['OverallQual', 'YearBuilt'], ascending=[False, True]).sample(n=60, random_state=3)
y = df['SalePrice'] / 1000
X = pd.get_dummies(df.drop(['Id', 'SalePrice', 'Alley', 'HouseStyle'], axis=1))
model = MLPRegressor(hidden_layer_sizes=(8,), learning_rate_init=0.01)
model.fit(X, y)
