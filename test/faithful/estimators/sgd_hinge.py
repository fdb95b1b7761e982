from sklearn.datasets import load_wine
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = SGDClassifier(alpha=0.01, max_iter=3, tol=None, shuffle=False)
model.fit(X, y)
