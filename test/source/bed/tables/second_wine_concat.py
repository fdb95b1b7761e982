# prepared: X_train y_train
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
wine = pd.read_csv('data/winequality.csv', sep=';')
wine2 = pd.read_csv('data/winequality.csv', sep=';', nrows=40)
wine['color'] = 'red'
wine2['color'] = 'white'
both = pd.concat([wine, wine2], ignore_index=True)
both['color'] = both['color'].map({'red': 0, 'white': 1})
both = both.drop_duplicates().reset_index(drop=True)
both['label'] = (both['quality'] > 5).astype(int)
both = both.sample(frac=1, random_state=0)
n = int(0.75 * both.shape[0])
feature_names = [c for c in both.columns if c not in ('quality', 'label')]
X_train, y_train = both[feature_names][:n], both['label'][:n]
X_train = StandardScaler().fit_transform(X_train)
clf = MLPClassifier((20,), max_iter=60, random_state=3)
clf.fit(X_train, y_train)
