import numpy as np
from sklearn.datasets import load_diabetes, make_classification
from sklearn.linear_model import SGDClassifier, SGDRegressor, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.model_selection import cross_val_score

X, y = make_classification(n_samples=2000, n_features=20, random_state=3)
clf = SGDClassifier(loss='log_loss', learning_rate='constant', eta0=0.01, random_state=3)
for epoch in range(20):
    order = np.random.permutation(len(X))
    for start in range(0, len(X), 50):
        rows = order[start:start + 50]
        clf.partial_fit(X[rows], y[rows], classes=np.unique(y))

X, y = load_diabetes(return_X_y=True)
reg = make_pipeline(StandardScaler(), SGDRegressor(max_iter=1000, tol=1e-3))
reg.fit(X, y)

poly = make_pipeline(PolynomialFeatures(2), StandardScaler(), Ridge(alpha=1.0))
print(cross_val_score(poly, X, y, cv=5).mean())
