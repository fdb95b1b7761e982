import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
image_size = (64, 64)
train_ds = keras.preprocessing.image_dataset_from_directory("PetImages", validation_split=0.2, subset="training", seed=1337, image_size=image_size, batch_size=32, label_mode='binary')
val_ds = keras.preprocessing.image_dataset_from_directory("PetImages", validation_split=0.2, subset="validation", seed=1337, image_size=image_size, batch_size=32, label_mode='binary')
train_ds = train_ds.prefetch(buffer_size=32)
inputs = keras.Input(shape=image_size + (3,))
x = layers.Rescaling(1.0 / 255)(inputs)
x = layers.Conv2D(32, 3, strides=2, padding="same")(x)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
previous_block_activation = x
for size in [64, 128]:
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(size, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    residual = layers.Conv2D(size, 1, strides=2, padding="same")(previous_block_activation)
    x = layers.add([x, residual])
    previous_block_activation = x
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(train_ds, epochs=50, validation_data=val_ds)
