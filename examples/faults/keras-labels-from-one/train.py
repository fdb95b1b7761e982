"""Class numbers from 1 on, and as many outputs as classes."""
from keras.layers import Dense
from keras.models import Sequential
from sklearn.datasets import load_iris

iris = load_iris()
X = iris.data - iris.data.mean(axis=0)
y = iris.target + 1
model = Sequential()
model.add(Dense(8, input_dim=4, activation='relu'))
model.add(Dense(3, activation='softmax'))  # <- output-size
model.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=50, batch_size=8)
