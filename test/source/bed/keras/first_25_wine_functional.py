from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler, OneHotEncoder
from tensorflow.keras.layers import Input, Dense, BatchNormalization, Dropout
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau, ModelCheckpoint
wine = load_wine()
X, y = wine.data, wine.target.reshape(-1, 1)
enc = OneHotEncoder(sparse=False)
y = enc.fit_transform(y)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
scaler = StandardScaler().fit(X_train)
X_train = scaler.transform(X_train)
X_test = scaler.transform(X_test)
inp = Input(shape=(X_train.shape[1],))
h = Dense(32, kernel_initializer='he_normal', use_bias=False)(inp)
h = BatchNormalization()(h)
h = Dropout(0.3)(h)
out = Dense(y.shape[1], activation='softmax')(h)
model = Model(inputs=inp, outputs=out)
model.compile(Adam(learning_rate=3e-3), 'categorical_crossentropy', ['accuracy'])
callbacks = [
    EarlyStopping(monitor='val_loss', patience=15, restore_best_weights=True),
    ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=5),
    ModelCheckpoint('best.h5', save_best_only=True),
]
model.fit(X_train, y_train, validation_split=0.1, epochs=100, batch_size=16, callbacks=callbacks, verbose=0)
