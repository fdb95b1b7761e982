from sklearn.neural_network import MLPClassifier
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import MinMaxScaler
X, y = load_breast_cancer(return_X_y=True)
X = MinMaxScaler().fit_transform(X)
params = {'solver': 'sgd', 'learning_rate': 'invscaling', 'momentum': .9, 'nesterovs_momentum': False, 'learning_rate_init': 0.2}
mlp = MLPClassifier(random_state=0, max_iter=400, **params)
mlp.fit(X, y)
