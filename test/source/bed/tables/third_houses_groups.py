# prepared: X_train y_train
import pandas as pd, numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
df = pd.read_csv('data/houses.csv')
df = df.loc[:, df.isnull().mean() < .3]
df['LotFrontage'] = df.groupby('Neighborhood')['LotFrontage'].transform(lambda x: x.fillna(x.median()))
df['GarageType'] = df['GarageType'].fillna('None')
qual_map = {'1Story': 1, '1.5Fin': 2, '2Story': 3}
df['HouseStyle'] = df['HouseStyle'].map(qual_map)
df['CentralAir'] = (df['CentralAir'] == 'Y').astype(int)
df['Age'] = 2012 - df['YearBuilt']
df['HasBsmt'] = df['TotalBsmtSF'].apply(lambda x: 1 if x > 0 else 0)
df = pd.get_dummies(df, columns=['Neighborhood', 'GarageType'], prefix=['N', 'G'])
df = df[df['GrLivArea'] < 2900]
X = df.drop(['Id', 'SalePrice', 'YearBuilt'], axis=1).astype(float)
y = df[['SalePrice']] / 1000
x_scaler, y_scaler = MinMaxScaler(), MinMaxScaler()
X = x_scaler.fit_transform(X)
y = y_scaler.fit_transform(y)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=21)
model = Sequential([Dense(32, activation='relu', input_shape=(X.shape[1],)), Dense(1)])
model.compile(loss='mean_squared_error', optimizer='rmsprop')
model.fit(X_train, y_train, epochs=20, batch_size=16, validation_data=(X_test, y_test))
