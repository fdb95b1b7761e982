from scikeras.wrappers import KerasClassifier
from sklearn.datasets import make_classification
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
import numpy as np
X, y = make_classification(1000, 20, n_informative=10, random_state=0)
X = X.astype(np.float32)
y = y.astype(np.int64)
def get_model(hidden_layer_dim=100):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(20,)))
    model.add(keras.layers.Dense(hidden_layer_dim, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model
clf = KerasClassifier(get_model, hidden_layer_dim=50, epochs=10, batch_size=64)
pipe = Pipeline([("scale", StandardScaler()), ("clf", clf)])
pipe.fit(X, y)
