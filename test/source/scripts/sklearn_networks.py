from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.datasets import load_breast_cancer, load_digits, load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X, y = load_breast_cancer(return_X_y=True)
Xt, Xv, yt, yv = train_test_split(X, y, random_state=1)
clf = make_pipeline(StandardScaler(), MLPClassifier(hidden_layer_sizes=(20, 10), learning_rate_init=0.5, max_iter=50, random_state=1))
clf.fit(Xt, yt)
print(clf.score(Xv, yv))
d = load_diabetes()
reg = MLPRegressor((50,), activation='tanh', solver='sgd', batch_size=32, alpha=0.0).fit(d.data, d.target)
