# prepared: X_train y_train
import pandas as pd, numpy as np
from tensorflow import keras
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/titanic.csv', index_col=0)
df['Age'] = df['Age'].fillna(df.groupby('Pclass')['Age'].transform('median'))
df['Embarked'] = df['Embarked'].fillna(df['Embarked'].value_counts().idxmax())
df['AgeBand'] = pd.cut(df['Age'], 5, labels=False)
df['FareBand'] = pd.qcut(df['Fare'], 4, labels=[0, 1, 2, 3]).astype(int)
df['Deck'] = df['Cabin'].str[0].fillna('U')
df['NameLen'] = df['Name'].apply(len)
df['Sex'] = np.where(df['Sex'] == 'male', 0, 1)
df = df.drop(['Name', 'Ticket', 'Cabin', 'Age', 'Fare'], axis=1)
df = pd.get_dummies(df, columns=['Embarked', 'Deck'])
train, test = train_test_split(df, test_size=0.2, random_state=12)
y_train = train.pop('Survived')
y_test = test.pop('Survived')
X_train = train.astype('float32')
model = keras.Sequential([keras.layers.Dense(20, activation='relu', input_shape=[len(train.keys())]), keras.layers.Dense(1, activation='sigmoid')])
model.compile(optimizer=keras.optimizers.SGD(0.01), loss='binary_crossentropy')
model.fit(X_train, y_train, epochs=30)
