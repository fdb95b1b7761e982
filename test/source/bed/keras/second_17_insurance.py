import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import StandardScaler, OneHotEncoder
from sklearn.model_selection import train_test_split
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import InputLayer, Dense
from tensorflow.keras.optimizers import Adam
dataset = pd.read_csv('insurance.csv')
features = dataset.iloc[:, 0:6]
labels = dataset.iloc[:, -1]
features = pd.get_dummies(features)
features_train, features_test, labels_train, labels_test = train_test_split(features, labels, test_size=0.33, random_state=42)
ct = ColumnTransformer([('standardize', StandardScaler(), ['age', 'bmi', 'children'])], remainder='passthrough')
features_train = ct.fit_transform(features_train)
features_test = ct.transform(features_test)
model = Sequential(name="my_first_model")
model.add(InputLayer(input_shape=(features_train.shape[1],)))
model.add(Dense(128, activation='relu'))
model.add(Dense(1))
opt = Adam(learning_rate=0.1)
model.compile(loss='mse', metrics=['mae'], optimizer=opt)
model.fit(features_train, labels_train, epochs=40, batch_size=1, verbose=1)
