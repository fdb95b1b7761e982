"""Wine: a linear classifier by stochastic gradient descent in a pipeline (scikit-learn)."""
from sklearn.datasets import load_wine
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
model = Pipeline(
    [
        ("scale", StandardScaler()),
        ("classify", SGDClassifier(loss="log_loss", learning_rate="invscaling", eta0=0.05, max_iter=30, random_state=0)),
    ]
)
model.fit(X, y)
print(model.score(X, y))
