"""Everyday words that the clusters of any library may be called by."""

_CONCEPTS = """
people, man, woman, child, baby, family, couple, crowd, portrait, selfie, old man, girl, boy
dancers, musicians, concert, athletes, workers, soldiers, wedding, party, parade, stage

dog, puppy, cat, kitten, horse, cow, sheep, goat, pig, chicken, duck, bird, owl, parrot, eagle
fish, aquarium, butterfly, insect, bee, spider, snake, lizard, frog, turtle, elephant, lion, tiger
bear, monkey, deer, rabbit, fox, penguin, whale, dolphin, dinosaur, squirrel, zebra, giraffe

football, basketball, baseball, tennis, golf, swimming, surfing, skiing, snowboarding, skateboarding
cycling, running, climbing, hiking, camping, fishing, rowing, martial arts, gymnastics, ice skating
rugby, volleyball, motocross, horse riding, swimming pool, playground, picnic, fireworks

mountain, snowy mountain, hill, valley, forest, jungle, meadow, field, desert, canyon, cliff, cave
beach, sea, waves, coast, island, lake, pond, river, waterfall, bridge over water, sky, clouds
sunset, sunrise, night sky, moon, stars, rainbow, storm, fog, snow, ice, autumn leaves, flowers
tree, palm tree, grass, garden, park, rocks, volcano, farm, vineyard, lighthouse, harbour

city, skyline, street, street at night, market, square, village, house, cottage, castle, church
temple, tower, skyscraper, bridge, ruins, windmill, barn, factory, station, airport, stadium, museum
fountain, statue, monument, garage, road, motorway, tunnel, stairs, door, window, roof, wall

car, sports car, old car, truck, bus, train, tram, motorcycle, bicycle, scooter, tractor, boat
sailing boat, ship, aeroplane, helicopter, hot-air balloon, rocket, ambulance, fire engine

kitchen, bedroom, bathroom, living room, dining room, office, classroom, library, shop, restaurant
bar, theatre, hospital, workshop, chair, armchair, sofa, table, desk, bed, shelf, cupboard, lamp
clock, mirror, vase, candle, carpet, curtain, pillow, blanket, basket, box, umbrella, teapot

cup, mug, plate, bowl, glass, bottle, knife, pan, bread, cake, biscuits, chocolate, ice cream
fruit, apple, banana, orange, lemon, strawberry, grapes, pear, cherries, watermelon, doughnut
vegetables, tomato, potatoes, salad, soup
pizza, pasta, rice, sushi, meat, burger, cheese, eggs, breakfast, coffee, tea, wine, beer, juice
milk, yoghurt

shirt, T-shirt, polo shirt, blouse, sweater, jacket, coat, suit, dress, evening dress, skirt
trousers, jeans, shorts, leggings, tracksuit, underwear, bra, swimsuit, pyjamas, socks, tie, belt
scarf, gloves, hat, cap, shoes, trainers, sandals, flip-flops, boots, high heels, slippers, handbag
backpack, wallet, suitcase, wristwatch, sunglasses, glasses, necklace, earrings, bracelet, ring
perfume, lipstick, nail polish, make-up, traditional dress, costume, uniform, helmet

book, newspaper, magazine, letter, map, poster, sign, screenshot, document, receipt, diagram, chart
logo, text, handwriting, painting, drawing, cartoon, sketch, sculpture, graffiti, tattoo, pattern
stripes, dots, checks, zigzag, circles, squares, triangles, rings, checkerboard, texture, wood
stone, metal, fabric
leather, brick, paper

phone, computer, laptop, keyboard, screen, television, camera, headphones, loudspeaker, radio
guitar, piano, violin, drums, trumpet, ball, balloon, kite, toy, doll, teddy bear, board game
playing cards, tool, hammer, scissors, pen, pencil, brush, paint, key, coin, money, gift
Christmas tree, Halloween, pumpkin, cactus, house plant, mushroom, seashell, feather, fire, smoke
campfire, tent, lantern, snowman, northern lights, bench, pier, treasure chest, anchor, arrow
heart, star, flag, wheel, machine, robot, telescope
"""

CONCEPTS: tuple[str, ...] = tuple(
    dict.fromkeys(word.strip() for word in _CONCEPTS.replace("\n", ",").split(",") if word.strip())
)
"""Each once."""
