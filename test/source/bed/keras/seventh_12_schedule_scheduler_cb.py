import math
import tensorflow as tf
from tensorflow.keras.callbacks import LearningRateScheduler
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

data = load_breast_cancer()
X_train, X_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.33)
N, D = X_train.shape
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

def step_decay(epoch):
    initial_lrate = 0.1
    drop = 0.5
    epochs_drop = 10.0
    lrate = initial_lrate * math.pow(drop, math.floor((1+epoch)/epochs_drop))
    return lrate

i = tf.keras.layers.Input(shape=(D,))
x = tf.keras.layers.Dense(16, activation=tf.nn.elu, kernel_initializer='he_normal')(i)
x = tf.keras.layers.Dense(1, activation='sigmoid')(x)
model = tf.keras.models.Model(i, x)
sgd = tf.keras.optimizers.SGD(learning_rate=0.0, momentum=0.9)
model.compile(optimizer=sgd, loss='binary_crossentropy', metrics=['accuracy'])
lrate = LearningRateScheduler(step_decay)
r = model.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=50, batch_size=28, callbacks=[lrate], verbose=2)
print("Train score:", model.evaluate(X_train, y_train))
