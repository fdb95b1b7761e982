import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
import tensorflow.keras.backend as K
rng = np.random.default_rng(0)
x = rng.uniform(-3, 3, (500, 1))
y = x ** 2 + rng.normal(0, 0.5, (500, 1))
def tilted(y_true, y_pred, q=0.9):
    e = y_true - y_pred
    return K.mean(K.maximum(q * e, (q - 1) * e))
m = tf.keras.Sequential([layers.Dense(32, 'relu', input_shape=(1,)), layers.Dense(32, 'relu'), layers.Dense(1)])
m.compile('adam', loss=tilted)
m.fit(x, y, epochs=50, batch_size=32, verbose=0)
