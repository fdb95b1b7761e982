# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_csv('data/sensors.csv').filter(['timestamp', 'temperature', 'power'])
df['timestamp'] = pd.to_datetime(df['timestamp'])
df['hour'] = df['timestamp'].apply(lambda t: t.hour)
df['day'] = df['timestamp'].map(lambda t: t.day)
for name in df:
    if name in ('temperature', 'power'):
        df[name] = df[name].fillna(df[name].median())
y = df['power']
X = df.drop(columns=['timestamp', 'power'])
model = MLPRegressor(hidden_layer_sizes=(8,), learning_rate_init=0.01)
model.fit(X, y)
