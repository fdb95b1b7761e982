from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

X, y = load_diabetes(return_X_y=True)
X = StandardScaler().fit_transform(X)
y = (y - y.mean()) / y.std()
model = MLPRegressor((8,), activation="tanh", alpha=0.5, batch_size=26, learning_rate_init=0.01, max_iter=5, shuffle=False)
model.fit(X, y)
