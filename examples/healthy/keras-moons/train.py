"""Two half moons."""
from sklearn.datasets import make_moons
from keras.models import Sequential
from keras.layers import Dense
X, y = make_moons(n_samples=400, noise=0.15, random_state=1)
model = Sequential()
model.add(Dense(32, input_dim=2, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=200, batch_size=32)
