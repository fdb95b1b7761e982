import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential, initializers
from tensorflow.keras.layers import GRU, Bidirectional, TimeDistributed, Dense, Masking, RepeatVector
from tensorflow.keras.optimizers.schedules import ExponentialDecay

rng = np.random.default_rng(0)
X = rng.normal(size=(512, 12, 3)).astype('float32')
y = np.cumsum(X.sum(axis=2), axis=1)[..., np.newaxis]

model = Sequential([
    Masking(mask_value=-10., input_shape=(12, 3)),
    Bidirectional(GRU(16, return_sequences=True), merge_mode='sum'),
    TimeDistributed(Dense(8, activation='relu', kernel_initializer=initializers.HeNormal())),
    TimeDistributed(Dense(1)),
])
schedule = ExponentialDecay(initial_learning_rate=1e-2, decay_steps=100, decay_rate=0.9, staircase=True)
model.compile(optimizer=tf.keras.optimizers.Adam(schedule, clipnorm=1.0), loss=tf.keras.losses.Huber(delta=0.5))
model.fit(X, y, epochs=30, batch_size=32, validation_split=0.1,
          callbacks=[tf.keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
                     tf.keras.callbacks.TerminateOnNaN(), tf.keras.callbacks.CSVLogger('log.csv')])
