import numpy as np
import pandas as pd
import tensorflow.keras.backend as K
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Dense, Dropout, concatenate, Embedding, Flatten
from tensorflow.keras.optimizers import RMSprop
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler

def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true)))

def rmsle(y_true, y_pred):
    return K.sqrt(K.mean(K.square(K.log(K.clip(y_pred, K.epsilon(), None) + 1.) - K.log(y_true + 1.))))

df = pd.read_csv('data/house_sales.csv')
df['neighborhood'] = LabelEncoder().fit_transform(df['neighborhood'])
n_hoods = df['neighborhood'].nunique()
num_cols = ['sqft', 'beds', 'baths', 'year_built']
df[num_cols] = MinMaxScaler().fit_transform(df[num_cols])
y = np.log1p(df['price'].values)

tr, va, y_tr, y_va = train_test_split(df, y, test_size=.15, random_state=1)

hood_in = Input((1,), name='hood')
num_in = Input((len(num_cols),), name='num')
e = Flatten()(Embedding(n_hoods, 8)(hood_in))
x = concatenate([e, num_in])
x = Dense(64, 'relu')(x)
x = Dropout(.1)(x)
x = Dense(32, 'relu')(x)
out = Dense(1)(x)
model = Model([hood_in, num_in], out)
model.compile(RMSprop(1e-3), loss=rmse, metrics=[rmsle])
model.fit([tr['neighborhood'].values, tr[num_cols].values], y_tr, 64, 30,
          validation_data=([va['neighborhood'].values, va[num_cols].values], y_va))
