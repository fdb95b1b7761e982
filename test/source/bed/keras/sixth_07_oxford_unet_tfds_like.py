import tensorflow as tf
from tensorflow.keras import layers, Model

def double_conv_block(x, n_filters):
    x = layers.Conv2D(n_filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Conv2D(n_filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    return x

def downsample_block(x, n_filters):
    f = double_conv_block(x, n_filters)
    p = layers.MaxPool2D(2)(f)
    p = layers.Dropout(0.3)(p)
    return f, p

def upsample_block(x, conv_features, n_filters):
    x = layers.Conv2DTranspose(n_filters, 3, 2, padding="same")(x)
    x = layers.concatenate([x, conv_features])
    x = layers.Dropout(0.3)(x)
    x = double_conv_block(x, n_filters)
    return x

def build_unet_model():
    inputs = layers.Input(shape=(64, 64, 3))
    f1, p1 = downsample_block(inputs, 16)
    f2, p2 = downsample_block(p1, 32)
    bottleneck = double_conv_block(p2, 64)
    u3 = upsample_block(bottleneck, f2, 32)
    u4 = upsample_block(u3, f1, 16)
    outputs = layers.Conv2D(3, 1, padding="same", activation="softmax")(u4)
    return tf.keras.Model(inputs, outputs, name="U-Net")

import numpy as np
images = np.load('pets_images.npy') / 255.0
masks = np.load('pets_masks.npy')
train = tf.data.Dataset.from_tensor_slices((images, masks)).cache().shuffle(5000).batch(64).prefetch(tf.data.AUTOTUNE)
unet_model = build_unet_model()
unet_model.compile(optimizer=tf.keras.optimizers.Adam(), loss="sparse_categorical_crossentropy", metrics="accuracy")
unet_model.fit(train, epochs=20)
