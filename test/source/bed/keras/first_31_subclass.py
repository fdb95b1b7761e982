import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
class Classifier(tf.keras.Model):
    def __init__(self, hidden, classes, **kwargs):
        super().__init__(**kwargs)
        self.hidden_layers = [tf.keras.layers.Dense(h, activation='relu') for h in hidden]
        self.drop = tf.keras.layers.Dropout(0.1)
        self.out = tf.keras.layers.Dense(classes, activation='softmax')
    def call(self, inputs, training=False):
        x = inputs
        for layer in self.hidden_layers:
            x = layer(x)
        x = self.drop(x, training=training)
        return self.out(x)
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
model = Classifier([16, 16], 3)
model.compile(optimizer=tf.keras.optimizers.Adam(1e-2), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=50, batch_size=16)
