import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

dataset = pd.read_csv('auto-mpg.csv').dropna()
train = dataset.sample(frac=0.8, random_state=0)
train_features = train.copy()
train_labels = train_features.pop('MPG')

horsepower = np.array(train_features['Horsepower'])
horsepower_normalizer = layers.Normalization(input_shape=[1,], axis=None)
horsepower_normalizer.adapt(horsepower)
horsepower_model = tf.keras.Sequential([
    horsepower_normalizer,
    layers.Dense(units=1)
])
horsepower_model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=0.1),
    loss='mean_absolute_error')
history = horsepower_model.fit(
    train_features['Horsepower'],
    train_labels,
    epochs=100,
    verbose=0,
    validation_split=0.2)
