import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.models import Sequential
from sklearn.datasets import load_digits, load_breast_cancer
from sklearn.model_selection import train_test_split
tf.random.set_seed(3)
X, y = load_digits(return_X_y=True)
X = X.astype('float32') / 16
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = keras.Sequential([
    layers.Input(shape=(64,)),
    layers.Dense(64, activation='relu'),
    layers.Dropout(0.2),
    layers.Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(X_train, y_train, epochs=5, validation_data=(X_test, y_test))

def build(lr=0.5):
    m = Sequential()
    m.add(layers.Dense(12, input_shape=(30,), kernel_initializer='he_normal'))
    m.add(layers.Activation('tanh'))
    m.add(layers.BatchNormalization())
    m.add(layers.Dense(1, activation=tf.nn.sigmoid))
    m.compile(loss=keras.losses.BinaryCrossentropy(), optimizer=keras.optimizers.SGD(learning_rate=lr, momentum=0.9))
    return m
bc = load_breast_cancer()
net = build()
EPOCHS = 20
net.fit(bc.data, bc.target, batch_size=16, epochs=EPOCHS, validation_split=0.2, shuffle=False)

df = pd.read_csv('x.csv')
Xd, yd = df.drop('t', axis=1), df['t']
inp = keras.Input(shape=(8,))
h = layers.Dense(16, activation='relu')(inp)
h = layers.concatenate([h, inp])
out = layers.Dense(1)(h)
f = keras.Model(inp, out)
f.compile('rmsprop', 'mse')
f.fit(Xd, yd, epochs=3)
