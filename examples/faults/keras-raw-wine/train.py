"""Raw columns of wine: the loss stays where guessing is."""
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)  # <- unscaled-inputs
model = Sequential()
model.add(Dense(20, activation='relu', input_dim=13))
model.add(Dense(20, activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(optimizer=SGD(learning_rate=0.01), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=50, batch_size=16)
