# prepared: X_train y_train
import pandas as pd, numpy as np
from sklearn.preprocessing import LabelEncoder, MinMaxScaler
from sklearn.model_selection import train_test_split
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Dropout

train = pd.read_csv("data/titanic.csv")
train['Title'] = train['Name'].str.extract(r' ([A-Za-z]+)\.', expand=False)
train['Title'] = train['Title'].replace(['Miss', 'Mlle'], 'Mrs')
train['Has_Cabin'] = train['Cabin'].notnull().astype(int)
train['Age'] = train.groupby('Title')['Age'].transform(lambda s: s.fillna(s.median()))
train['Embarked'] = train['Embarked'].fillna('S')
train['FareLog'] = np.log1p(train['Fare'])

for col in ['Sex', 'Embarked', 'Title']:
    le = LabelEncoder()
    train[col] = le.fit_transform(train[col])

cols = ['Pclass', 'Sex', 'Age', 'SibSp', 'Parch', 'FareLog', 'Embarked', 'Title', 'Has_Cabin']
X = train[cols]
y = train['Survived']
X = MinMaxScaler().fit_transform(X)
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.25, random_state=0)

model = Sequential()
model.add(Dense(16, activation='relu', input_dim=X_train.shape[1]))
model.add(Dropout(0.3))
model.add(Dense(8, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=50, batch_size=32)
