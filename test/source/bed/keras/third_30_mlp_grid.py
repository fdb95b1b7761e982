from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)

pipe = Pipeline([
    ('scaler', StandardScaler()),
    ('clf', MLPClassifier(max_iter=300, early_stopping=True, random_state=0)),
])
param_grid = {
    'clf__hidden_layer_sizes': [(50,), (100, 50)],
    'clf__learning_rate_init': [0.0001, 0.001, 0.1],
    'clf__solver': ['sgd', 'adam'],
    'clf__alpha': [1e-4, 1e-2],
}
search = GridSearchCV(pipe, param_grid, cv=3, n_jobs=-1)
search.fit(X_train, y_train)
print(search.best_params_, search.score(X_test, y_test))
