import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.preprocessing import scale
from sklearn.model_selection import train_test_split

tf.random.set_seed(0)
digits = load_digits()
X = scale(digits.data)
Y = tf.keras.utils.to_categorical(digits.target)
x_train, x_test, y_train, y_test = train_test_split(X, Y, test_size=0.3)

class MLP(tf.keras.Model):
    def __init__(self, units, classes):
        super(MLP, self).__init__()
        self.hidden = [tf.keras.layers.Dense(u, activation='tanh') for u in units]
        self.bn = tf.keras.layers.BatchNormalization()
        self.out = tf.keras.layers.Dense(classes, activation='softmax')

    def call(self, inputs, training=None):
        x = inputs
        for layer in self.hidden:
            x = layer(x)
        x = self.bn(x, training=training)
        return self.out(x)

model = MLP([64, 32], 10)
lr = tf.keras.optimizers.schedules.CosineDecay(0.01, decay_steps=1000)
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=lr),
              loss=tf.keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=64, epochs=50, validation_data=(x_test, y_test), verbose=2)
