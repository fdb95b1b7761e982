# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_csv('data/houses.csv')
districts = pd.read_csv('data/districts.csv')
df = df.merge(districts, on='Neighborhood', how='left', suffixes=('', '_of_district'))
df['distance'] = df['distance'].fillna(df['distance'].mean())
prices = df.groupby('HouseStyle')['SalePrice'].agg(['mean', 'std', 'count']).reset_index()
prices.columns = ['HouseStyle', 'price', 'spread', 'many']
df = pd.merge(df, prices, how='left', on='HouseStyle')
quality = df.groupby(['Neighborhood', 'CentralAir'], as_index=False).agg({'OverallQual': 'max', 'YearBuilt': 'median'})
df = df.merge(quality, left_on=['Neighborhood', 'CentralAir'], right_on=['Neighborhood', 'CentralAir'], how='left')
spare = int(df['distance'].median() / 0.5 + 0.5) * 0.5
df['distance'] = df['distance'].clip(spare, 7)
df['seen'] = df['Neighborhood'].map(df['Neighborhood'].value_counts())
df['area'] = df['GarageType'].map(df.groupby('GarageType')['GrLivArea'].median()).fillna(0)
df['before'] = df.groupby('Neighborhood')['SalePrice'].shift(1)
df['change'] = df.groupby('Neighborhood')['GrLivArea'].diff()
df = df.dropna(subset=['before', 'change'])
y = df['SalePrice'] / 1000
X = df[['distance', 'OverallQual_of_district', 'price', 'spread', 'many', 'OverallQual_y', 'YearBuilt_y', 'seen', 'area', 'before', 'change']].fillna(-1)
model = MLPRegressor(hidden_layer_sizes=(8,), learning_rate_init=0.01)
model.fit(X, y)
