from sklearn.linear_model import LinearRegression, Ridge
from sklearn.datasets import load_diabetes
X, y = load_diabetes(return_X_y=True)
reg = LinearRegression().fit(X, y)
ridge = Ridge(alpha=0.5)
ridge.fit(X, y)
