import os
FILE = os.environ.get('TABLE', 'table.csv')
TARGET = 'price'
N_IN = 9
BATCH = 32
MODEL = 'deep'
OPTIMIZER = 'sgd'
RATE = 3e-3
MOMENTUM = 0.85
EPOCHS = 120
PATIENCE = 12
OUT = 'runs'
