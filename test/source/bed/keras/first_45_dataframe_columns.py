import pandas as pd
import numpy as np
from sklearn.datasets import load_boston, load_iris
from sklearn.preprocessing import LabelBinarizer
import keras
iris = load_iris()
df = pd.DataFrame(iris.data, columns=iris.feature_names)
df['species'] = iris.target
X = df[['sepal length (cm)', 'petal length (cm)']].values
y = LabelBinarizer().fit_transform(df['species'])
model = keras.Sequential()
model.add(keras.layers.Dense(10, activation='sigmoid', input_shape=(2,)))
model.add(keras.layers.Dense(3, activation='softmax'))
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.5), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X, y, epochs=100, shuffle=True)
