import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.cifar10.load_data()

BATCH = 128
AUTO = tf.data.experimental.AUTOTUNE

def preprocess(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return image, label

def augment(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_brightness(image, 0.1)
    return image, label

train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train))
train_ds = train_ds.map(preprocess, num_parallel_calls=AUTO).cache().shuffle(10000).map(augment, num_parallel_calls=AUTO).batch(BATCH, drop_remainder=True).prefetch(AUTO)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test)).map(preprocess).batch(BATCH)

model = tf.keras.Sequential([
    tf.keras.layers.Conv2D(32, 3, padding='same', input_shape=(32, 32, 3), use_bias=False),
    tf.keras.layers.BatchNormalization(momentum=0.9),
    tf.keras.layers.ReLU(),
    tf.keras.layers.Conv2D(64, 3, strides=2, padding='same', kernel_initializer='he_normal'),
    tf.keras.layers.BatchNormalization(),
    tf.keras.layers.ReLU(),
    tf.keras.layers.GlobalAveragePooling2D(),
    tf.keras.layers.Dense(10),
])
lr = tf.keras.optimizers.schedules.PiecewiseConstantDecay([10000, 20000], [0.1, 0.01, 0.001])
model.compile(optimizer=tf.keras.optimizers.SGD(lr, momentum=0.9, nesterov=True),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
model.fit(train_ds, epochs=50, validation_data=test_ds)
