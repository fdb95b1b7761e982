# prepared: X_train y_train
import pandas as pd
import numpy as np
df = pd.read_csv("data/churn.csv")
df.drop('customerID', axis='columns', inplace=True)
df1 = df[df.TotalCharges != ' '].copy()
df1.TotalCharges = pd.to_numeric(df1.TotalCharges)
yes_no_columns = ['Partner', 'PhoneService', 'Churn']
for col in yes_no_columns:
    df1[col].replace({'Yes': 1, 'No': 0}, inplace=True)
df1['gender'].replace({'Female': 1, 'Male': 0}, inplace=True)
df2 = pd.get_dummies(data=df1, columns=['InternetService', 'Contract'])
cols_to_scale = ['tenure', 'MonthlyCharges', 'TotalCharges']
from sklearn.preprocessing import MinMaxScaler
scaler = MinMaxScaler()
df2[cols_to_scale] = scaler.fit_transform(df2[cols_to_scale])
X = df2.drop('Churn', axis='columns')
y = df2['Churn']
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=5)
import tensorflow as tf
from tensorflow import keras
model = keras.Sequential([
    keras.layers.Dense(12, input_shape=(13,), activation='relu'),
    keras.layers.Dense(10, activation='relu'),
    keras.layers.Dense(1, activation='sigmoid')
])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=100)
