from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

X, y = load_breast_cancer(return_X_y=True)
model = make_pipeline(
    MinMaxScaler(),
    SGDClassifier("log_loss", alpha=0.001, learning_rate="invscaling", eta0=0.5, max_iter=2, tol=None, shuffle=False),
)
model.fit(X, y)
