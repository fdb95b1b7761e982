import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from keras import Sequential, Input
from keras.layers import Dense, Dropout
from keras.regularizers import l2, l1_l2
from keras.callbacks import EarlyStopping, ModelCheckpoint

data = pd.read_csv("heart.csv")
X = data.drop("target", axis=1)
y = data["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=7)
scaler = MinMaxScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
model = Sequential([
    Input(shape=(X_train.shape[1],)),
    Dense(32, activation="relu", kernel_regularizer=l2(0.001)),
    Dropout(0.3),
    Dense(16, activation="relu", kernel_regularizer=l1_l2(l1=1e-5, l2=1e-4)),
    Dense(1, activation="sigmoid"),
])
model.compile(optimizer="nadam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=100, batch_size=16, validation_split=0.15,
          callbacks=[EarlyStopping(patience=10, restore_best_weights=True), ModelCheckpoint("best.keras", save_best_only=True)])
