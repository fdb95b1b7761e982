import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.constraints import NonNeg, non_neg
from keras.optimizers import Adam
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import MinMaxScaler
from sklearn.model_selection import train_test_split

data = load_diabetes()
X = MinMaxScaler().fit_transform(data.data)
y = data.target
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, random_state=0)
model = Sequential()
model.add(Dense(32, input_dim=10, activation='relu', kernel_constraint=non_neg()))
model.add(Dense(1, kernel_constraint=NonNeg()))
model.compile(optimizer=Adam(learning_rate=0.01), loss='mean_squared_error')
model.fit(X_train, y_train, epochs=100, batch_size=32, validation_data=(X_val, y_val))
