# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_csv('data/homes.csv')
df['date'] = pd.to_datetime(df['date'].str[:8])
df['month'] = df['date'].dt.month
df['week'] = df['date'].dt.isocalendar().week.astype(int)
df['weekday'] = df['date'].dt.dayofweek
df['town'] = df['town'].str.title()
df['state'] = df['state'].str.strip().str.capitalize()
df = df[df['town'] != 'North Bend']
df = pd.get_dummies(df, columns=['town', 'state'])
y = df['price'].values / 1000
X = df.drop(columns=['price', 'date']).values
reg = MLPRegressor((8,), max_iter=50)
reg.fit(X, y)
