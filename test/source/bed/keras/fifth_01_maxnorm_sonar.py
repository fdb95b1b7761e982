# Dropout on the visible layer with weight constraint - sonar dataset
from pandas import read_csv
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.constraints import max_norm
from keras.optimizers import SGD
from sklearn.preprocessing import LabelEncoder

dataframe = read_csv("sonar.csv", header=None)
dataset = dataframe.values
X = dataset[:, 0:60].astype(float)
Y = dataset[:, 60]
encoder = LabelEncoder()
encoder.fit(Y)
encoded_Y = encoder.transform(Y)

def create_model():
    model = Sequential()
    model.add(Dropout(0.2, input_shape=(60,)))
    model.add(Dense(60, activation='relu', kernel_constraint=max_norm(3)))
    model.add(Dense(30, activation='relu', kernel_constraint=max_norm(3)))
    model.add(Dense(1, activation='sigmoid'))
    sgd = SGD(learning_rate=0.1, momentum=0.9)
    model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'])
    return model

model = create_model()
model.fit(X, encoded_Y, epochs=300, batch_size=16, verbose=0)
