# prepared: X y
import numpy as np
import pandas as pd
from sklearn.neural_network import MLPClassifier

def first_word(name):
    return name.split(' ')[0].strip().lower()

df = pd.read_csv('data/titanic.csv')
df['Deck'] = df['Cabin'].fillna('U').str[0]
df['Title'] = df['Name'].str.extract(r' ([A-Za-z]+)\.', expand=False)
df['Last'] = df['Name'].str.split(', ', expand=True)[0].str.len()
df['Given'] = df['Name'].apply(lambda n: n.split(',')[1].split('.')[0].strip())
df['Long'] = df['Name'].apply(len) + df['Name'].map(first_word).str.len()
df['Married'] = df['Name'].str.contains('Mrs').astype(int)
df['Office'] = df['Ticket'].apply(lambda t: 1 if t.startswith('PC') else 0)
df['Side'] = df['Cabin'].str[1:].fillna('0').str.get(-1)
df['Fare'] = df['Fare'].where(df['Fare'] > 8, 8).clip(upper=df['Fare'].quantile(0.95))
df['Age'] = df['Age'].mask(df['Age'].isnull(), df['Age'].median())
low, high = df['Fare'].quantile(0.05), df['Fare'].quantile(0.9)
df = df.loc[df['Fare'].between(low, high * 1.1)]
y = df['Survived']
X = pd.get_dummies(df[['Deck', 'Title', 'Last', 'Given', 'Long', 'Married', 'Office', 'Side', 'Fare', 'Age']])
model = MLPClassifier(hidden_layer_sizes=(8,), learning_rate_init=0.01)
model.fit(X, y)
