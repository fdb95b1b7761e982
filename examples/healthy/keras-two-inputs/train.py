"""Wine: two groups of measurements come in apart and meet in the middle (Keras, functional form)."""
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from tensorflow.keras import regularizers
from tensorflow.keras.layers import Add, Concatenate, Dense, Dropout, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD
from tensorflow.keras.utils import to_categorical

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X)
targets = to_categorical(y, num_classes=3)

chemistry = Input(shape=(8,), name="chemistry")
colour = Input(shape=(5,), name="colour")
left = Dense(16, activation="relu", kernel_initializer="he_normal")(chemistry)
right = Dense(16, activation="relu", kernel_initializer="he_normal")(colour)
merged = Concatenate()([left, right])
hidden = Dense(32, activation="relu", kernel_regularizer=regularizers.l2(1e-3))(merged)
hidden = Add()([hidden, merged])
hidden = Dropout(0.1)(hidden)
output = Dense(3, activation="softmax")(hidden)

model = Model(inputs=[chemistry, colour], outputs=output)
model.compile(optimizer=SGD(learning_rate=0.05, momentum=0.9, clipnorm=1.0), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit([X[:, :8], X[:, 8:]], targets, epochs=40, batch_size=16)
