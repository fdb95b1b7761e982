import tensorflow as tf
import numpy as np
X = np.random.randn(200, 3).astype('float32')
true_w = np.array([[1.0], [-2.0], [0.5]], dtype='float32')
y = X @ true_w + 0.3
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)
for epoch in range(100):
    with tf.GradientTape() as tape:
        pred = model(X)
        loss = tf.reduce_mean(tf.square(y - pred))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
