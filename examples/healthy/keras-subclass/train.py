"""Breast cancer: a model class of one's own, fed by tf.data (Keras)."""
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.random.set_seed(0)
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=3)
scaler = StandardScaler().fit(X_train)
X_train = scaler.transform(X_train).astype("float32")
X_test = scaler.transform(X_test).astype("float32")

train_set = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(512).batch(32).prefetch(tf.data.AUTOTUNE)
test_set = tf.data.Dataset.from_tensor_slices((X_test, y_test)).batch(32)


class Classifier(tf.keras.Model):
    def __init__(self, width=16):
        super().__init__()
        self.hidden = [tf.keras.layers.Dense(width, activation="relu") for _ in range(2)]
        self.norm = tf.keras.layers.BatchNormalization(momentum=0.9)
        self.out = tf.keras.layers.Dense(1)

    def call(self, x, training=False):
        for layer in self.hidden:
            x = layer(x)
        return self.out(self.norm(x, training=training))


model = Classifier()
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(train_set, epochs=20, validation_data=test_set)
