# prepared: X y
import pandas as pd
from sklearn.neural_network import MLPClassifier
df = pd.read_csv('data/adult.csv', header=None, names=['age', 'work', 'education', 'hours', 'income'], skipinitialspace=True, na_values='?')
df = df.dropna()
y = df.pop('income').map({'<=50K': 0, '>50K': 1})
X = pd.get_dummies(df, drop_first=True)
model = MLPClassifier(hidden_layer_sizes=(8,), learning_rate_init=0.01)
model.fit(X, y)
