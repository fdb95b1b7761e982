import math
import tensorflow as tf
from tensorflow.keras.callbacks import LearningRateScheduler
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
data = load_breast_cancer()
X = StandardScaler().fit_transform(data.data)
y = data.target
def step_decay(epoch):
    initial_lrate = 0.1
    drop = 0.5
    epochs_drop = 10.0
    lrate = initial_lrate * math.pow(drop, math.floor((1+epoch)/epochs_drop))
    return lrate
model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(30, input_dim=30, activation='relu'))
model.add(tf.keras.layers.Dense(1, activation='sigmoid'))
sgd = tf.keras.optimizers.SGD(learning_rate=0.0, momentum=0.9)
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'])
lrate = LearningRateScheduler(step_decay)
callbacks_list = [lrate]
model.fit(X, y, validation_split=0.33, epochs=50, batch_size=28, callbacks=callbacks_list, verbose=2)
