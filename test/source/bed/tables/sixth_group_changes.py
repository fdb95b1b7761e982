# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_csv('data/titanic.csv')
g = df.groupby('Pclass')['Fare'].agg(['mean', 'count'])
g['mean'] = g['mean'] / 2
g = g.reset_index()
s = df.groupby('Embarked')['Fare'].mean().reset_index()
h = df.groupby(['Pclass', 'Embarked']).agg(t=('Fare', 'sum')).reset_index()
X = g[['Pclass', 'count']]
y = g['mean']
m = MLPRegressor()
m.fit(X, y)
