"""Eight layers of sigmoids: hardly any gradient comes back to the first."""
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16.0
model = Sequential()
model.add(Dense(32, input_dim=64, activation='sigmoid'))  # <- vanishing-gradient
for _ in range(7):
    model.add(Dense(32, activation='sigmoid'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='sparse_categorical_crossentropy', optimizer=SGD(learning_rate=0.05), metrics=['accuracy'])
model.fit(X, y, epochs=10, batch_size=32)
