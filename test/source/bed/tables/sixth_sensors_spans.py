# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_csv('data/sensors.csv', parse_dates=['timestamp'], index_col='timestamp')
blocks = df.resample('5H').mean()
blocks['hour'] = blocks.index.hour
blocks['spread'] = df.resample('5H')['power'].std()
blocks['next'] = blocks['temperature'].shift(-1)
blocks = blocks.dropna()
days = df.resample('D').agg({'humidity': 'max', 'temperature': 'min'}).reset_index()
blocks = blocks.loc[:'2021-03-06']
X = blocks[['temperature', 'humidity', 'hour', 'spread']]
y = blocks['next']
reg = MLPRegressor((8,), max_iter=50)
reg.fit(X, y)
