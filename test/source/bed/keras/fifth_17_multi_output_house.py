import numpy as np
from tensorflow.keras.layers import Input, Dense, Dropout, concatenate
from tensorflow.keras.models import Model

n = 2000
num = np.random.normal(size=(n, 10))
cat = np.random.randint(0, 2, size=(n, 5)).astype('float32')
price = num @ np.random.normal(size=(10, 1)) + cat.sum(axis=1, keepdims=True)
sold = (price > 2).astype('float32')

num_in = Input(shape=(10,), name='num_input')
cat_in = Input(shape=(5,), name='cat_input')
x = concatenate([Dense(32, activation='relu')(num_in), Dense(8, activation='relu')(cat_in)])
x = Dropout(0.1)(x)
x = Dense(32, activation='relu')(x)
price_out = Dense(1, name='price')(x)
sold_out = Dense(1, activation='sigmoid', name='sold')(x)
model = Model(inputs=[num_in, cat_in], outputs=[price_out, sold_out])
model.compile(optimizer='rmsprop',
              loss={'price': 'mse', 'sold': 'binary_crossentropy'},
              loss_weights={'price': 0.25, 'sold': 10.},
              metrics={'sold': ['accuracy']})
model.fit({'num_input': num, 'cat_input': cat}, {'price': price, 'sold': sold}, epochs=10, batch_size=128, validation_split=0.1)
