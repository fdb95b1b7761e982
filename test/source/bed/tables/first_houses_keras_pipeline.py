# prepared: X_train y_train
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler, OneHotEncoder
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

df = pd.read_csv('data/houses.csv', index_col='Id')
X = df.copy()
y = X.pop('SalePrice') / 100000
preprocessor = make_column_transformer(
    (make_pipeline(SimpleImputer(strategy='mean'), StandardScaler()), make_column_selector(dtype_include='number')),
    (make_pipeline(SimpleImputer(strategy='constant', fill_value='missing'), OneHotEncoder(handle_unknown='ignore', sparse=False)), make_column_selector(dtype_include=object)),
)
X_train, X_valid, y_train, y_valid = train_test_split(X, y, train_size=0.75, random_state=3)
X_train = preprocessor.fit_transform(X_train)
X_valid = preprocessor.transform(X_valid)
input_shape = [X_train.shape[1]]
model = keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=input_shape),
    layers.Dense(64, activation='relu'),
    layers.Dense(1),
])
model.compile(optimizer='adam', loss='mae')
history = model.fit(X_train, y_train, validation_data=(X_valid, y_valid), batch_size=64, epochs=40)
