# prepared: X_train_p y_train
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

df = pd.read_csv("data/titanic.csv")
numeric_features = ["Age", "Fare", "SibSp"]
categorical_features = ["Embarked", "Sex", "Pclass"]
X = df[numeric_features + categorical_features]
y = df["Survived"]

numeric_transformer = Pipeline(steps=[("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
categorical_transformer = Pipeline(steps=[
    ("imputer", SimpleImputer(strategy="most_frequent")),
    ("encoder", OneHotEncoder(handle_unknown="ignore")),
])
preprocessor = ColumnTransformer(transformers=[
    ("num", numeric_transformer, numeric_features),
    ("cat", categorical_transformer, categorical_features),
])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
X_train_p = preprocessor.fit_transform(X_train)
X_test_p = preprocessor.transform(X_test)
clf = MLPClassifier(hidden_layer_sizes=(32, 16), learning_rate_init=0.01, max_iter=80, random_state=0)
clf.fit(X_train_p, y_train)
print(clf.score(X_test_p, y_test))
