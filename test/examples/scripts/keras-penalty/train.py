"""A penalty on the weights that the loss cannot outweigh."""
from sklearn.datasets import load_digits
from tensorflow.keras import Sequential, regularizers
from tensorflow.keras.layers import Dense

digits = load_digits()
x = digits.data / 16.0
model = Sequential([
    Dense(64, activation='relu', input_shape=(64,), kernel_regularizer=regularizers.l2(1.0)),  # <- optimizer-settings
    Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x, digits.target, epochs=15, batch_size=32)
