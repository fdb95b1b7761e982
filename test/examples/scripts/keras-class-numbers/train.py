"""Class numbers under the loss that takes a column for each class."""
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(16, activation='relu'),
    layers.Dense(3, activation='softmax'),
])
model.compile(
    optimizer='adam',
    loss='categorical_crossentropy',  # <- target-shape
    metrics=['accuracy'],
)
model.fit(X, y, epochs=30, batch_size=16)
