import numpy as np
from keras.models import Model
from keras.layers import Input, Dense, BatchNormalization, LeakyReLU, Dropout
from keras.optimizers import Adam
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

def batch_generator(X, y, batch_size=32):
    n = len(X)
    while True:
        idx = np.random.permutation(n)
        for start in range(0, n, batch_size):
            batch = idx[start:start + batch_size]
            yield X[batch], y[batch]

data = load_breast_cancer()
X_train, X_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.2, random_state=1, stratify=data.target)
scaler = MinMaxScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

inp = Input(shape=(30,))
h = Dense(64)(inp)
h = BatchNormalization(momentum=0.8)(h)
h = LeakyReLU(alpha=0.2)(h)
h = Dropout(0.4)(h)
h = Dense(32)(h)
h = LeakyReLU(0.2)(h)
out = Dense(1, activation='sigmoid')(h)
clf = Model(inp, out)
clf.compile(Adam(0.0002, 0.5), 'binary_crossentropy', metrics=['accuracy'])
clf.fit_generator(batch_generator(X_train, y_train, 32), steps_per_epoch=len(X_train) // 32, epochs=40,
                  validation_data=(X_test, y_test))
