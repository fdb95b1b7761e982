from sklearn.datasets import load_wine
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = MLPClassifier(hidden_layer_sizes=(6, 5), solver="sgd", learning_rate_init=0.05, batch_size=89, max_iter=12, shuffle=False)
model.fit(X, y)
